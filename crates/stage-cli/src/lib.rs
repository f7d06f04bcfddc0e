//! What every command of the pipeline does alike at the terminal: exit codes, messages, interrupts, completions, manual pages.
