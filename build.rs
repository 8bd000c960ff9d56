//! Has the program built anew when a file below `mappings/` changes, which is part of it.

fn main() {
    println!("cargo::rerun-if-changed=mappings");
}
