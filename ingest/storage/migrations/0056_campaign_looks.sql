-- A campaign is looked at every quarter of a minute, also one with 100,000 aids.

-- Who waits, in the order in which they get their turn.
CREATE INDEX campaign_member_waiting ON campaign_member (campaign_id, ring, device_id)
    WHERE state = 'waiting';
-- Who is passed over: gone, or has the programme from elsewhere.
CREATE INDEX device_retired ON device (device_id) WHERE retired_at IS NOT NULL;
CREATE INDEX device_presence_firmware ON device_presence (firmware);
