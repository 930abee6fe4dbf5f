package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One named argument: its type, what the model is told about it, and whether it may be absent. */
record Property(
    String name, ArgumentType type, String description, boolean required, boolean clearable) {

  ObjectNode schema() {
    return type.schema().put("description", clearable ? description + " or null" : description);
  }
}
