-- name: page
-- A page of aids with their present state: first which aids, by walking the key, then all of these.
WITH page AS MATERIALIZED (
    SELECT device_id
    FROM device
    WHERE retired_at IS NULL AND NOT test
      AND device_id > %(after)s
      AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
      AND CASE %(state)s::text
              WHEN 'online' THEN EXISTS (
                  SELECT FROM device_presence AS link
                  WHERE link.device_id = device.device_id AND link.online)
              WHEN 'offline' THEN EXISTS (
                  SELECT FROM device_presence AS link
                  WHERE link.device_id = device.device_id AND NOT link.online)
              WHEN 'unknown' THEN NOT EXISTS (
                  SELECT FROM device_presence AS link
                  WHERE link.device_id = device.device_id)
              ELSE true
          END
      AND (%(fault)s::text IS NULL
           OR device_id IN (SELECT device_id FROM device_fault
                            WHERE active AND (%(fault)s = 'any' OR code = %(fault)s)))
    ORDER BY device_id
    LIMIT %(limit)s
)
SELECT device.device_id, device.name, device.kind, device.postcode4,
       device.municipality_code, municipality.name AS municipality_name,
       device_presence.online, device_presence.reason, device_presence.changed_at,
       device_presence.firmware, to_jsonb(device_latest) AS latest,
       faults.faults, ticket.ticket_id
FROM page
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
LEFT JOIN device_presence USING (device_id)
LEFT JOIN device_latest USING (device_id)
LEFT JOIN ticket ON ticket.device_id = device.device_id AND ticket.dedup_key = 'emergency'
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('code', code, 'maker_code', maker_code,
                                        'since', changed_at) ORDER BY changed_at) AS faults
    FROM device_fault
    WHERE device_fault.device_id = device.device_id AND active
) AS faults ON true
ORDER BY device.device_id

-- name: one
-- An aid in full.
SELECT device.device_id, device.name, device.kind, device.postcode4, device.maker, device.model,
       device.serial_number, device.rail_length_mm, device.built_on, device.serviced_on,
       device.lent_on, device.max_load_kg, device.max_speed_mm_s, device.max_incline_deg,
       device.registered_at,
       device.municipality_code, municipality.name AS municipality_name,
       client.client_number, client.wholly_dependent,
       device_presence.online, device_presence.reason, device_presence.changed_at,
       device_presence.firmware, to_jsonb(device_latest) AS latest,
       faults.faults, ticket.ticket_id
FROM device
JOIN municipality ON municipality.code = device.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN device_presence USING (device_id)
LEFT JOIN device_latest USING (device_id)
LEFT JOIN ticket ON ticket.device_id = device.device_id AND ticket.dedup_key = 'emergency'
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('code', code, 'maker_code', maker_code,
                                        'since', changed_at) ORDER BY changed_at) AS faults
    FROM device_fault
    WHERE device_fault.device_id = device.device_id AND active
) AS faults ON true
WHERE device.name = %(name)s

-- name: telemetry
-- By time of measurement; received_at, never before it, leads to the rows through the index.
SELECT measured_at, received_at, position_mm, speed_mm_s, current_ma, battery_mv, seat, demand,
       mode, landing, contacts, signals, fault
FROM status
WHERE device_id = %(device_id)s
  AND received_at >= %(from)s AND received_at < %(received_until)s
  AND measured_at >= %(from)s AND measured_at < %(until)s
ORDER BY measured_at, log_no, sample_no
LIMIT %(limit)s

-- name: last_moving
-- Where the last ride is. Looks back a month at most.
SELECT measured_at
FROM status
WHERE device_id = %(device_id)s AND received_at > %(since)s AND speed_mm_s <> 0
ORDER BY received_at DESC, log_no DESC, sample_no DESC
LIMIT 1
