//! Parses the command line, runs the verb, hands back its exit code.

fn main() {}
