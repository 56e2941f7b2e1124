//! What a server remembers in its memory alone: each feature has a value of a type of its own, so that the kernel names no
//! feature.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The values by their type.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Memory {
    /// The value of a type; its default when it is asked for the first time.
    pub fn of<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(value).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU8);

    #[derive(Default)]
    struct Other(AtomicU8);

    #[test]
    fn each_type_has_one_value() {
        let memory = Memory::default();
        memory.of::<Count>().0.store(7, Ordering::Relaxed);
        assert_eq!(memory.of::<Count>().0.load(Ordering::Relaxed), 7);
        assert_eq!(memory.of::<Other>().0.load(Ordering::Relaxed), 0);
    }
}
