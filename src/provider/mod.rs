//! Contacts to the API's words and back.
