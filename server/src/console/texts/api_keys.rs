//! Settings, IAM, API Access.
