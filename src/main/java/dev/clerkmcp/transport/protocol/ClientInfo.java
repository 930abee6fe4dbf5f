package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/** What a client says of itself, as JSON: in {@code initialize}, or with every request. */
record ClientInfo(@Nullable String info, @Nullable String capabilities) {
  /** What it calls itself. */
  String name() {
    String name = RawJson.findText(info, "name");
    String version = RawJson.findText(info, "version");
    return name == null ? "unknown" : version == null ? name : name + " " + version;
  }

  /** Whether it can put a form before a person. */
  boolean asksByForm() {
    String elicitation = RawJson.find(capabilities, "elicitation");
    // One that names no kind is of a time when forms were the only one.
    return elicitation != null
        && RawJson.isObject(elicitation)
        && (RawJson.find(elicitation, "form") != null || RawJson.find(elicitation, "url") == null);
  }
}
