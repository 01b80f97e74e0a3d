# Tests of the kernel model: <name>.c in this folder is one program. They need the macro RECORD_DIR.
set(MODEL_TESTS
  model_boot
  model_cnode
  model_counters
  model_delete
  model_derivation
  model_inspect
  model_lookup
  model_mapping
  model_memory
  model_platform
  model_random
  model_records
  model_retype
  model_tcb)
