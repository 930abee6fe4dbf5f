package dev.clerkmcp.transport;

import dev.clerkmcp.registry.CatalogLine;
import java.util.Collection;

/** The answer to {@code tools/list}, cut from the catalogue without parsing it. */
final class ToolList {
  private ToolList() {}

  /** The members of the result that lists the tools: {@code "tools":[...]}. */
  static String members(Collection<CatalogLine> listed) {
    StringBuilder members = new StringBuilder("\"tools\":[");
    for (CatalogLine line : listed) {
      members.append(members.charAt(members.length() - 1) == '[' ? "" : ",").append(line.tool());
    }
    return members.append(']').toString();
  }
}
