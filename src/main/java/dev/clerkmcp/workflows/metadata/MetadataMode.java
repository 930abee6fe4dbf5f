package dev.clerkmcp.workflows.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the keys of metadata that are not named. */
public enum MetadataMode {
  /** They stay. */
  @JsonProperty("merge")
  MERGE,
  /** They are lost. */
  @JsonProperty("replace")
  REPLACE
}
