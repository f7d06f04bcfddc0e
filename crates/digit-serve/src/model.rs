//! Where networks come from.

use std::path::Path;
use std::sync::Arc;

use digit_page::Model;

/// Loads the model of a run folder.
pub type Load = Box<dyn Fn(&Path) -> anyhow::Result<Arc<dyn Model>> + Send + Sync>;
