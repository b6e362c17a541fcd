-- What a municipality takes back was taken up with that.
GRANT UPDATE (taken_up_at) ON complaint TO liftwacht_municipality;

-- What was sent to a webhook lately is shown to who manages it.
CREATE INDEX notification_webhook ON notification (target_id, notification_id DESC)
    WHERE channel = 'webhook' AND target_id IS NOT NULL;
