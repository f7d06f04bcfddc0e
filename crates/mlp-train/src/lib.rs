//! Trains the networks that config files describe and writes a run folder for each.
