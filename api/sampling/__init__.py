"""Random checks (*steekproeven*, Z 79): drawn again the same, seen with their log, never kept."""
