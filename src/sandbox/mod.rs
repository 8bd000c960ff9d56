//! A stand-in that plays any provider from its files.
