//! Rows to contacts.
