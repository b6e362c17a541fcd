-- A secret may be sealed, and then looks otherwise: whether it is one is for the service to say.
ALTER TABLE webhook_subscription DROP CONSTRAINT webhook_subscription_secret_check;
ALTER TABLE webhook_subscription ADD CONSTRAINT webhook_subscription_secret_check
    CHECK (secret ~ '^(whsec_|sealed:).{32,}$');
