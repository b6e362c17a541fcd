-- A modem that skips numbers without end tears the set of what is stored into ever more ranges, and
-- each of its messages takes as long as there are ranges, with all whose shards go with it.

-- Leaves the newest ``most`` ranges of each set, and makes one of those before them. What comes late
-- from a gap that is closed counts as stored; a call for help is kept all the same, as always.
CREATE FUNCTION close_gaps(most int) RETURNS TABLE (device text, closed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    torn record;
    border bigint;
    stored bigint;
BEGIN
    FOR torn IN
        SELECT device.shard, device.name, outbox.outbox_no
        FROM outbox JOIN device USING (device_id)
        WHERE pg_column_size(seen) > 4 * most  -- a range takes at least so much, packed
        ORDER BY device.shard, outbox.outbox_no  -- as ingest locks them
    LOOP
        PERFORM FROM shard WHERE shard.shard = torn.shard FOR UPDATE;  -- nobody stores meanwhile
        SELECT lower(range), numbers_in(seen) INTO border, stored
        FROM outbox, unnest(seen) AS range
        WHERE outbox.outbox_no = torn.outbox_no
        ORDER BY range DESC OFFSET most - 1 LIMIT 1;
        CONTINUE WHEN border IS NULL;
        UPDATE outbox SET seen = outbox.seen + int8multirange(int8range(lower(outbox.seen), border))
        WHERE outbox.outbox_no = torn.outbox_no
        RETURNING numbers_in(outbox.seen) - stored INTO closed;
        CONTINUE WHEN closed = 0;
        -- They were never stored: the books are as straight as they were.
        UPDATE account_book SET seen = account_book.seen + close_gaps.closed
        WHERE account_book.shard = torn.shard AND account_book.at = (
            SELECT max(latest.at) FROM account_book AS latest WHERE latest.shard = torn.shard);
        device := torn.name;
        RETURN NEXT;
    END LOOP;
END;
$$;

REVOKE ALL ON FUNCTION close_gaps FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_gaps TO liftwacht_diagnostics;
