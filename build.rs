//! Has the program built anew when a file below `mappings/` changes, which is part of it.

#[expect(clippy::print_stdout, reason = "it is how a build script speaks")]
fn main() {
    println!("cargo::rerun-if-changed=mappings");
}
