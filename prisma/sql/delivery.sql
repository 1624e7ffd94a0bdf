-- What the delivery engine looks for many times a second: small indexes over the few rows that are not settled.
CREATE INDEX "delivery_pending_lane" ON "delivery" ("workspaceId", "priority", "dueAt") WHERE "state" = 'pending';
CREATE INDEX "delivery_sending_lease" ON "delivery" ("leaseUntil") WHERE "state" = 'sending';
CREATE INDEX "delivery_refresh_lane" ON "delivery" ("workspaceId", "refreshDueAt") WHERE "state" = 'sent' AND "refreshDueAt" IS NOT NULL;
CREATE INDEX "delivery_merged" ON "delivery" ("organisationId", "mergedIntoId") WHERE "mergedIntoId" IS NOT NULL;
CREATE INDEX "delivery_dead" ON "delivery" ("organisationId", "id") WHERE "state" = 'dead';
CREATE INDEX "job_open" ON "job" ("dueAt") WHERE "state" IN ('pending', 'running');

-- Takes one slot in every scope, or none and tells when the latest of them opens (milliseconds since 1970).
-- GCRA: "nextAt" is the theoretical arrival time; a slot is free from "nextAt" minus the tolerance on.
-- The three lists run in parallel; an interval of 0 asks only whether the scope is paused.
CREATE FUNCTION delivery_take_pace(scopes text[], intervals_ms float8[], tolerances_ms float8[], at timestamptz)
RETURNS TABLE (blocked_scope text, opens_at_ms float8) LANGUAGE plpgsql AS $$
BEGIN
  -- A pace lost in a crash of the server is worth less than a wait for the disk at every message.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO "pace" ("scope", "nextAt")
    SELECT s, at FROM unnest(scopes) AS s ORDER BY s
    ON CONFLICT DO NOTHING;
  -- Always in the same order, so that two workers can't wait for one another.
  PERFORM 1 FROM "pace" WHERE "scope" = ANY (scopes) ORDER BY "scope" FOR UPDATE;
  RETURN QUERY
    SELECT p."scope", ceil(extract(epoch FROM o.opens)::float8 * 1000)
    FROM unnest(scopes, intervals_ms, tolerances_ms) AS r (scope, interval_ms, tolerance_ms)
    JOIN "pace" p ON p."scope" = r.scope
    CROSS JOIN LATERAL (
      SELECT GREATEST(
        CASE WHEN r.interval_ms > 0 THEN p."nextAt" - r.tolerance_ms * interval '1 millisecond' END,
        p."pausedUntil") AS opens
    ) o
    WHERE o.opens > at
    ORDER BY o.opens DESC
    LIMIT 1;
  IF NOT FOUND THEN
    UPDATE "pace" p
    SET "nextAt" = GREATEST(p."nextAt", at) + r.interval_ms * interval '1 millisecond'
    FROM unnest(scopes, intervals_ms) AS r (scope, interval_ms)
    WHERE p."scope" = r.scope AND r.interval_ms > 0;
  END IF;
END;
$$;
