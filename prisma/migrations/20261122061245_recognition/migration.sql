-- CreateEnum
CREATE TYPE "LedgerAccountKind" AS ENUM ('allowance', 'balance', 'reserved', 'issued', 'loss', 'spent');

-- CreateEnum
CREATE TYPE "MovementKind" AS ENUM ('allowance', 'give', 'join', 'take_back', 'award', 'redeem', 'refund', 'fulfil', 'correction');

-- CreateEnum
CREATE TYPE "KudosSource" AS ENUM ('peer', 'reaction', 'customer');

-- CreateEnum
CREATE TYPE "KudosState" AS ENUM ('given', 'taken_back', 'removed');

-- CreateEnum
CREATE TYPE "ReportState" AS ENUM ('open', 'kept', 'removed');

-- CreateEnum
CREATE TYPE "FlagKind" AS ENUM ('mutual_giving', 'month_end_burst', 'copied_reasons');

-- CreateEnum
CREATE TYPE "PraiseState" AS ENUM ('proposed', 'confirmed', 'dismissed');

-- CreateEnum
CREATE TYPE "RedemptionState" AS ENUM ('requested', 'approved', 'fulfilled', 'rejected', 'cancelled');

-- AlterTable
ALTER TABLE "account" ADD COLUMN     "pictureUrl" TEXT;

-- CreateTable
CREATE TABLE "picture" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "mime" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "picture_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "picture_copy" (
    "organisationId" UUID NOT NULL,
    "pictureId" UUID NOT NULL,
    "workspaceExternalId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,

    CONSTRAINT "picture_copy_pkey" PRIMARY KEY ("organisationId","pictureId","workspaceExternalId")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" "LedgerAccountKind" NOT NULL,
    "ownerId" UUID NOT NULL,
    "period" TEXT NOT NULL DEFAULT '',
    "balance" INTEGER,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "ledger_movement" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" "MovementKind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" UUID,
    "kudosId" UUID,
    "redemptionId" UUID,
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "ledger_movement_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "organisationId" UUID NOT NULL,
    "movementId" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("organisationId","movementId","accountId")
);

-- CreateTable
CREATE TABLE "recognition_settings" (
    "organisationId" UUID NOT NULL,
    "allowance" INTEGER NOT NULL DEFAULT 100,
    "leadAllowance" INTEGER NOT NULL DEFAULT 200,
    "pairCap" INTEGER NOT NULL DEFAULT 50,
    "joinPoints" INTEGER NOT NULL DEFAULT 5,
    "reactionEmoji" TEXT NOT NULL DEFAULT 'bellhop_bell',
    "reactionPoints" INTEGER NOT NULL DEFAULT 5,
    "channelId" UUID,
    "currency" TEXT NOT NULL DEFAULT 'EUR',

    CONSTRAINT "recognition_settings_pkey" PRIMARY KEY ("organisationId")
);

-- CreateTable
CREATE TABLE "service_value" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "code" TEXT,
    "name" TEXT,
    "emoji" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "archivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "service_value_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "recognition_choice" (
    "organisationId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "offLeaderboards" BOOLEAN NOT NULL DEFAULT false,
    "deputyId" UUID,
    "awayUntil" DATE,

    CONSTRAINT "recognition_choice_pkey" PRIMARY KEY ("organisationId","personId")
);

-- CreateTable
CREATE TABLE "kudos" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" "KudosSource" NOT NULL,
    "state" "KudosState" NOT NULL DEFAULT 'given',
    "giverId" UUID NOT NULL,
    "valueId" UUID,
    "words" TEXT NOT NULL,
    "wordsDigest" TEXT NOT NULL,
    "public" BOOLEAN NOT NULL,
    "points" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "editedAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "originKey" TEXT,
    "channelId" UUID,

    CONSTRAINT "kudos_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "kudos_receiver" (
    "organisationId" UUID NOT NULL,
    "kudosId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "giverId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "state" "KudosState" NOT NULL DEFAULT 'given',
    "points" INTEGER NOT NULL,

    CONSTRAINT "kudos_receiver_pkey" PRIMARY KEY ("organisationId","kudosId","personId")
);

-- CreateTable
CREATE TABLE "kudos_join" (
    "organisationId" UUID NOT NULL,
    "kudosId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "points" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "takenBackAt" TIMESTAMPTZ(3),

    CONSTRAINT "kudos_join_pkey" PRIMARY KEY ("organisationId","kudosId","personId")
);

-- CreateTable
CREATE TABLE "kudos_tally" (
    "organisationId" UUID NOT NULL,
    "period" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "valueId" TEXT NOT NULL DEFAULT '',
    "receivedCount" INTEGER NOT NULL DEFAULT 0,
    "receivedPoints" INTEGER NOT NULL DEFAULT 0,
    "givenCount" INTEGER NOT NULL DEFAULT 0,
    "givenPoints" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "kudos_tally_pkey" PRIMARY KEY ("organisationId","period","subjectKind","valueId","subjectId")
);

-- CreateTable
CREATE TABLE "kudos_report" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kudosId" UUID NOT NULL,
    "reporterId" UUID NOT NULL,
    "words" TEXT NOT NULL,
    "state" "ReportState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "decisionWords" TEXT,

    CONSTRAINT "kudos_report_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "recognition_flag" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" "FlagKind" NOT NULL,
    "flagKey" TEXT NOT NULL,
    "personIds" UUID[],
    "evidence" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "seenById" UUID,
    "seenAt" TIMESTAMPTZ(3),

    CONSTRAINT "recognition_flag_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "praise_proposal" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "sourceKey" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "personIds" UUID[],
    "state" "PraiseState" NOT NULL DEFAULT 'proposed',
    "proposedById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "kudosId" UUID,

    CONSTRAINT "praise_proposal_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "reward" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "emoji" TEXT NOT NULL,
    "pictureId" UUID,
    "price" INTEGER NOT NULL,
    "stock" INTEGER,
    "perPersonLimit" INTEGER,
    "audienceKind" "AudienceKind" NOT NULL,
    "audienceTarget" TEXT,
    "audiencePeople" UUID[] DEFAULT ARRAY[]::UUID[],
    "moneyMinor" INTEGER,
    "currency" TEXT NOT NULL,
    "fulfillerId" UUID NOT NULL,
    "needsApproval" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "archivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "reward_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "redemption" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "rewardId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "state" "RedemptionState" NOT NULL,
    "rewardName" TEXT NOT NULL,
    "price" INTEGER NOT NULL,
    "moneyMinor" INTEGER,
    "currency" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "requestKey" TEXT NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),
    "decidedById" UUID,
    "words" TEXT,
    "sealedCode" TEXT,
    "closedAt" TIMESTAMPTZ(3),
    "closedById" UUID,
    "askedIds" UUID[] DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "redemption_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateIndex
CREATE INDEX "ledger_movement_organisationId_at_idx" ON "ledger_movement"("organisationId", "at");

-- CreateIndex
CREATE INDEX "ledger_movement_organisationId_kudosId_idx" ON "ledger_movement"("organisationId", "kudosId");

-- CreateIndex
CREATE INDEX "ledger_movement_organisationId_redemptionId_idx" ON "ledger_movement"("organisationId", "redemptionId");

-- CreateIndex
CREATE INDEX "ledger_entry_organisationId_accountId_movementId_idx" ON "ledger_entry"("organisationId", "accountId", "movementId");

-- CreateIndex
CREATE INDEX "kudos_organisationId_giverId_createdAt_idx" ON "kudos"("organisationId", "giverId", "createdAt");

-- CreateIndex
CREATE INDEX "kudos_organisationId_createdAt_idx" ON "kudos"("organisationId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "kudos_organisationId_originKey_key" ON "kudos"("organisationId", "originKey");

-- CreateIndex
CREATE INDEX "kudos_receiver_organisationId_personId_createdAt_idx" ON "kudos_receiver"("organisationId", "personId", "createdAt");

-- CreateIndex
CREATE INDEX "kudos_receiver_organisationId_giverId_personId_createdAt_idx" ON "kudos_receiver"("organisationId", "giverId", "personId", "createdAt");

-- CreateIndex
CREATE INDEX "kudos_join_organisationId_personId_createdAt_idx" ON "kudos_join"("organisationId", "personId", "createdAt");

-- CreateIndex
CREATE INDEX "kudos_tally_organisationId_period_subjectKind_valueId_recei_idx" ON "kudos_tally"("organisationId", "period", "subjectKind", "valueId", "receivedPoints" DESC, "subjectId");

-- CreateIndex
CREATE INDEX "kudos_report_organisationId_state_createdAt_idx" ON "kudos_report"("organisationId", "state", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "kudos_report_organisationId_kudosId_reporterId_key" ON "kudos_report"("organisationId", "kudosId", "reporterId");

-- CreateIndex
CREATE INDEX "recognition_flag_organisationId_seenAt_createdAt_idx" ON "recognition_flag"("organisationId", "seenAt", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "recognition_flag_organisationId_flagKey_key" ON "recognition_flag"("organisationId", "flagKey");

-- CreateIndex
CREATE INDEX "praise_proposal_organisationId_state_createdAt_idx" ON "praise_proposal"("organisationId", "state", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "praise_proposal_organisationId_sourceKey_key" ON "praise_proposal"("organisationId", "sourceKey");

-- CreateIndex
CREATE INDEX "reward_organisationId_archivedAt_price_idx" ON "reward"("organisationId", "archivedAt", "price");

-- CreateIndex
CREATE INDEX "redemption_organisationId_personId_requestedAt_idx" ON "redemption"("organisationId", "personId", "requestedAt");

-- CreateIndex
CREATE INDEX "redemption_organisationId_state_requestedAt_idx" ON "redemption"("organisationId", "state", "requestedAt");

-- CreateIndex
CREATE INDEX "redemption_organisationId_rewardId_personId_idx" ON "redemption"("organisationId", "rewardId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "redemption_organisationId_requestKey_key" ON "redemption"("organisationId", "requestKey");

-- AddForeignKey
ALTER TABLE "picture_copy" ADD CONSTRAINT "picture_copy_organisationId_pictureId_fkey" FOREIGN KEY ("organisationId", "pictureId") REFERENCES "picture"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_organisationId_movementId_fkey" FOREIGN KEY ("organisationId", "movementId") REFERENCES "ledger_movement"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_organisationId_accountId_fkey" FOREIGN KEY ("organisationId", "accountId") REFERENCES "ledger_account"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "kudos_receiver" ADD CONSTRAINT "kudos_receiver_organisationId_kudosId_fkey" FOREIGN KEY ("organisationId", "kudosId") REFERENCES "kudos"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "kudos_join" ADD CONSTRAINT "kudos_join_organisationId_kudosId_fkey" FOREIGN KEY ("organisationId", "kudosId") REFERENCES "kudos"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "kudos_report" ADD CONSTRAINT "kudos_report_organisationId_kudosId_fkey" FOREIGN KEY ("organisationId", "kudosId") REFERENCES "kudos"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "redemption" ADD CONSTRAINT "redemption_organisationId_rewardId_fkey" FOREIGN KEY ("organisationId", "rewardId") REFERENCES "reward"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what the database itself guarantees of the ledger.

-- An account's id follows from what it is, so that nobody has to look it up.
CREATE FUNCTION ledger_account_id(p_kind text, p_owner uuid, p_period text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5('ledger:' || p_kind || ':' || p_owner || ':' || p_period)::uuid
$$;

ALTER TABLE "ledger_account" ADD CONSTRAINT "ledger_account_never_negative" CHECK ("balance" >= 0);
ALTER TABLE "ledger_account" ADD CONSTRAINT "ledger_account_guarded"
  CHECK (("balance" IS NOT NULL) = ("kind" IN ('allowance', 'balance', 'reserved')));
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_moves_something" CHECK ("amount" <> 0);

-- A person's balance is the sum of its entries: nothing but an entry changes it, and nothing removes it.
CREATE FUNCTION ledger_account_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND COALESCE(NEW."balance", 0) = 0 THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a ledger account is changed by its entries only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "ledger_account_kept" BEFORE INSERT OR UPDATE OR DELETE ON "ledger_account"
  FOR EACH ROW EXECUTE FUNCTION ledger_account_kept();

CREATE FUNCTION ledger_entry_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "ledger_account" a SET "balance" = a."balance" + NEW."amount"
    WHERE a."organisationId" = NEW."organisationId" AND a."id" = NEW."accountId" AND a."balance" IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER "ledger_entry_counted" AFTER INSERT ON "ledger_entry" FOR EACH ROW EXECUTE FUNCTION ledger_entry_counted();

CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: correct it by a new movement' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE ON "ledger_entry"
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER "ledger_entry_no_truncate" BEFORE TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER "ledger_movement_append_only" BEFORE UPDATE OR DELETE ON "ledger_movement"
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER "ledger_movement_no_truncate" BEFORE TRUNCATE ON "ledger_movement"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER "ledger_account_no_truncate" BEFORE TRUNCATE ON "ledger_account"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

-- Looked at when the transaction commits: what one takes, others get.
CREATE FUNCTION ledger_movement_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_movement uuid := CASE WHEN TG_TABLE_NAME = 'ledger_movement' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'movementId' END;
  v_sum bigint;
  v_count bigint;
BEGIN
  SELECT COALESCE(sum(e."amount"), 0), count(*) INTO v_sum, v_count
    FROM "ledger_entry" e WHERE e."organisationId" = NEW."organisationId" AND e."movementId" = v_movement;
  IF v_sum <> 0 OR v_count < 2 THEN
    RAISE EXCEPTION 'the movement % does not balance: % over % entries', v_movement, v_sum, v_count USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "ledger_movement_balanced" AFTER INSERT ON "ledger_movement"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_movement_balanced();
CREATE CONSTRAINT TRIGGER "ledger_entry_balanced" AFTER INSERT ON "ledger_entry"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_movement_balanced();

-- Locks accounts in the one order that everybody keeps, making those that are missing. Entries: [{kind, owner, period, amount}].
CREATE FUNCTION ledger_lock(p_organisation uuid, p_entries jsonb) RETURNS TABLE (account uuid, kind text, owner uuid, period text, balance int)
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "ledger_account" ("organisationId", "id", "kind", "ownerId", "period", "balance")
    SELECT p_organisation, e.id, e.kind::"LedgerAccountKind", e.owner, e.period,
           CASE WHEN e.kind IN ('allowance', 'balance', 'reserved') THEN 0 END
    FROM (
      SELECT DISTINCT ledger_account_id(x.kind, x.owner, COALESCE(x.period, '')) AS id, x.kind, x.owner, COALESCE(x.period, '') AS period
      FROM jsonb_to_recordset(p_entries) AS x(kind text, owner uuid, period text)
    ) e
    WHERE NOT EXISTS (SELECT 1 FROM "ledger_account" a WHERE a."organisationId" = p_organisation AND a."id" = e.id)
    -- The organisation's first, as an allowance does too: an account that is being made makes others wait.
    ORDER BY e.kind IN ('allowance', 'balance', 'reserved'), e.id
    ON CONFLICT DO NOTHING;
  -- The organisation's own accounts keep no balance: nobody waits for them.
  RETURN QUERY
    SELECT a."id", a."kind"::text, a."ownerId", a."period", a."balance" FROM "ledger_account" a
    WHERE a."organisationId" = p_organisation AND a."balance" IS NOT NULL AND a."id" IN (
      SELECT ledger_account_id(x.kind, x.owner, COALESCE(x.period, '')) FROM jsonb_to_recordset(p_entries) AS x(kind text, owner uuid, period text)
    )
    ORDER BY a."id" FOR UPDATE;
END $$;

-- Posts one balanced movement. Raises check_violation on "ledger_account_never_negative" when somebody has too little.
CREATE FUNCTION ledger_post(
  p_organisation uuid, p_movement uuid, p_kind text, p_at timestamptz, p_actor uuid, p_kudos uuid, p_redemption uuid, p_reason text,
  p_entries jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_lock(p_organisation, p_entries);
  INSERT INTO "ledger_movement" ("organisationId", "id", "kind", "at", "actorId", "kudosId", "redemptionId", "reason")
    VALUES (p_organisation, p_movement, p_kind::"MovementKind", p_at, p_actor, p_kudos, p_redemption, p_reason);
  INSERT INTO "ledger_entry" ("organisationId", "movementId", "accountId", "amount")
    SELECT p_organisation, p_movement, ledger_account_id(x.kind, x.owner, COALESCE(x.period, '')) AS account, sum(x.amount)
    FROM jsonb_to_recordset(p_entries) AS x(kind text, owner uuid, period text, amount int)
    GROUP BY account HAVING sum(x.amount) <> 0 ORDER BY account;
END $$;

-- Grants a month's allowance once; whoever comes second waits for the first and adds nothing.
CREATE FUNCTION ledger_grant_allowance(p_organisation uuid, p_person uuid, p_period text, p_amount int, p_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_movement uuid := md5('ledger:allowance:' || p_person || ':' || p_period)::uuid;
  v_issued uuid := ledger_account_id('issued', p_organisation, '');
  v_allowance uuid := ledger_account_id('allowance', p_person, p_period);
BEGIN
  IF p_amount <= 0 OR EXISTS (
    SELECT 1 FROM "ledger_movement" m WHERE m."organisationId" = p_organisation AND m."id" = v_movement
  ) THEN RETURN; END IF;
  PERFORM ledger_lock(p_organisation, jsonb_build_array(
    jsonb_build_object('kind', 'issued', 'owner', p_organisation), jsonb_build_object('kind', 'allowance', 'owner', p_person, 'period', p_period)));
  INSERT INTO "ledger_movement" ("organisationId", "id", "kind", "at", "reason")
    VALUES (p_organisation, v_movement, 'allowance', p_at, '') ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO "ledger_entry" ("organisationId", "movementId", "accountId", "amount") VALUES
    (p_organisation, v_movement, v_issued, -p_amount), (p_organisation, v_movement, v_allowance, p_amount);
END $$;

-- Stock, prices and points.
ALTER TABLE "reward" ADD CONSTRAINT "reward_stock_never_negative" CHECK ("stock" >= 0);
ALTER TABLE "reward" ADD CONSTRAINT "reward_price_positive" CHECK ("price" > 0);
ALTER TABLE "kudos" ADD CONSTRAINT "kudos_points_not_negative" CHECK ("points" >= 0);

-- Words about corrections: outside of the ledger, so that they can be erased.
CREATE TABLE "ledger_note" (
    "organisationId" UUID NOT NULL,
    "movementId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "words" TEXT NOT NULL,

    CONSTRAINT "ledger_note_pkey" PRIMARY KEY ("organisationId","movementId")
);
CREATE INDEX "ledger_note_organisationId_personId_idx" ON "ledger_note"("organisationId", "personId");

-- Which delivery a posted message is: asked for each reaction at one of the bot's messages.
CREATE INDEX "delivery_posted" ON "delivery" ("organisationId", "externalId") WHERE "externalId" IS NOT NULL;
