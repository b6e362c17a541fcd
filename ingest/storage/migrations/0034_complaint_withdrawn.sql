-- What a municipality takes back was taken up with that.
GRANT UPDATE (taken_up_at) ON complaint TO liftwacht_municipality;
