-- A signal is about whoever had the aid all the while: the engine looks up since when that is.
GRANT SELECT ON lent TO liftwacht_diagnostics;
