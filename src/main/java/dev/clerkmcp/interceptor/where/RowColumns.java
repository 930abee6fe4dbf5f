package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names by which answers show values of rows: those of columns and flags. */
public interface RowColumns {
  /**
   * The value of a column in a row as Clerk sent it, or whether a flag holds for it.
   *
   * @return null if rows of this kind have no column or flag of that name; a missing node if they
   *     have, and this row has no value
   */
  @Nullable JsonNode find(JsonNode row, String name);

  /** The names of the columns and flags of a row. */
  Set<String> names(JsonNode row);

  /** Clerk's own fields from which a column or flag is made; empty for an unknown name. */
  Set<String> sources(JsonNode row, String name);

  /** The same for rows of any kind. */
  Set<String> sources(String name);
}
