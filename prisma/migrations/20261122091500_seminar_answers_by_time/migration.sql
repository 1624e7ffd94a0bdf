-- CreateIndex
CREATE INDEX "seminar_answer_organisationId_dateId_answeredAt_idx" ON "seminar_answer"("organisationId", "dateId", "answeredAt");
