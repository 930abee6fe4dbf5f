package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolIndexEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The tools as {@code tools/list} answers them, cut from the catalogue without parsing it. */
final class ToolList {
  private ToolList() {}

  /** The members of the result that lists the tools: {@code "tools":[...]}. */
  static String members(Collection<ToolIndexEntry> listed) {
    StringBuilder members = new StringBuilder("\"tools\":[");
    for (ToolIndexEntry line : listed) {
      members.append(members.charAt(members.length() - 1) == '[' ? "" : ",").append(line.tool());
    }
    return members.append(']').toString();
  }

  /** The names of those that tell hosts what they answer. */
  static Set<String> structured(Collection<ToolIndexEntry> listed) {
    Set<String> structured = new HashSet<>();
    for (ToolIndexEntry line : listed) {
      if (line.isStructured()) {
        structured.add(line.name());
      }
    }
    return structured;
  }
}
