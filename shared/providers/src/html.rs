//! Reading HTML safely.
