package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Every tool's full definition as a resource, for hosts that let people read and pick resources.
 * What is not listed is there too.
 */
final class ToolResources {
  static final String TEMPLATE = "clerk://tools/{name}";

  private static final String TEMPLATE_JSON =
      "{\"uriTemplate\":\"clerk://tools/{name}\",\"name\":\"tool\","
          + "\"title\":\"Definition of a tool\",\"description\":\"What a tool does and takes, listed"
          + " or not.\",\"mimeType\":\"application/json\"}";

  private static final String PREFIX = "clerk://tools/";

  private ToolResources() {}

  /** The members of the result that lists all templates, of data and of definitions. */
  static String templateMembers(ToolFilter toolFilter) {
    return "\"resourceTemplates\":[" + ClerkResource.templates(toolFilter) + TEMPLATE_JSON + "]";
  }

  /** The tool whose definition has that URI; an alias will do. */
  static @Nullable ToolIndexEntry find(String uri, ToolFilter toolFilter) {
    if (!uri.startsWith(PREFIX)) {
      return null;
    }
    String name = uri.substring(PREFIX.length());
    for (ToolIndexEntry line : toolFilter.catalog()) {
      if (line.name().equals(name) || line.aliases().contains(name)) {
        return line;
      }
    }
    return null;
  }

  /** The definition, as JSON. */
  static String definition(ToolIndexEntry line, ToolFilter toolFilter) {
    String reason = toolFilter.disabledReason(line.name());
    return "{\"group\":%s,%s\"tool\":%s}"
        .formatted(
            RawJson.quote(line.group()),
            reason == null ? "" : "\"switched_off\":%s,".formatted(RawJson.quote(reason)),
            line.tool());
  }
}
