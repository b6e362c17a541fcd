-- What the drive took when the aid was delivered: what later rides are held against.
ALTER TABLE device
    ADD COLUMN empty_ma int CHECK (empty_ma > 0),
    ADD COLUMN tested_ma int CHECK (tested_ma > 0),
    ADD COLUMN tested_kg int CHECK (tested_kg > 0);

COMMENT ON COLUMN device.empty_ma IS 'mean current upwards, with nothing on it, as delivered';
COMMENT ON COLUMN device.tested_ma IS 'likewise with tested_kg on it';
