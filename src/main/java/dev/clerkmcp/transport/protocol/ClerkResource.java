package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The kinds of Clerk objects that are MCP resources, each read by a tool. */
enum ClerkResource {
  /** The instance itself. */
  INSTANCE(
      "clerk://instance",
      null,
      "instance",
      "Clerk instance",
      "The instance: ID, environment and origins.",
      null,
      "clerk_instance_get"),

  /** One organization. */
  ORGANIZATION(
      "clerk://organizations/",
      "organization_id",
      "organization",
      "Organization",
      "An organization, by ID or slug.",
      "clerk_org_overview",
      "clerk_organization_get"),

  /** One user. */
  USER(
      "clerk://users/",
      "user_id",
      "user",
      "User",
      "A user, by ID, email address or username.",
      "clerk_user_overview",
      "clerk_user_get");

  /** The URI of a tool's definition, without the name of the tool. */
  static final String TOOL_PREFIX = "clerk://tools/";

  static final String TOOL_TEMPLATE = TOOL_PREFIX + "{name}";

  private static final String TOOL_TEMPLATE_JSON =
      "{\"uriTemplate\":\"clerk://tools/{name}\",\"name\":\"tool\","
          + "\"title\":\"Definition of a tool\",\"description\":\"What a tool does and takes, listed"
          + " or not.\",\"mimeType\":\"application/json\"}";

  private static final String INSTANCE_QUERY = "?instance=";

  private static final String OF_SEVERAL =
      " Of several instances the default one is read; ?instance=name at the end names another.";

  private final String start;
  private final @Nullable String idArgument;
  private final String name;
  private final String title;
  private final String description;
  private final @Nullable String overview;
  private final String tool;

  /**
   * Declares a kind.
   *
   * @param start the URI, or the part of it before the ID
   * @param idArgument the tools' argument for the ID; null if there is only one such object
   * @param overview the tool that reads it, if enabled; null for none
   * @param tool the tool that reads it otherwise
   */
  ClerkResource(
      String start,
      @Nullable String idArgument,
      String name,
      String title,
      String description,
      @Nullable String overview,
      String tool) {
    this.start = start;
    this.idArgument = idArgument;
    this.name = name;
    this.title = title;
    this.description = description;
    this.overview = overview;
    this.tool = tool;
  }

  /** The kind of a URI; null if no kind matches. */
  static @Nullable ClerkResource of(String uri) {
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() ? uri.startsWith(kind.start) : kind.start.equals(path(uri))) {
        return kind;
      }
    }
    return null;
  }

  /** The kind with that URI template; null if no kind has it. */
  static @Nullable ClerkResource ofTemplate(String template) {
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() && kind.template().equals(template)) {
        return kind;
      }
    }
    return null;
  }

  /** Whether there are many objects of this kind, each with an ID. */
  boolean isTemplate() {
    return idArgument != null;
  }

  /** The URI, with {@code {id}} for the ID if there is one. */
  String template() {
    return isTemplate() ? start + "{id}" : start;
  }

  /** The name of the tool that reads this kind; null if it is disabled. */
  @Nullable String tool(ToolFilter toolFilter) {
    if (overview != null && isEnabled(overview, toolFilter)) {
      return overview;
    }
    return isEnabled(tool, toolFilter) ? tool : null;
  }

  private static boolean isEnabled(String tool, ToolFilter toolFilter) {
    if (toolFilter.disabledReason(tool) != null) {
      return false;
    }
    for (ToolIndexEntry entry : toolFilter.catalog()) {
      if (entry.name().equals(tool)) {
        return true;
      }
    }
    return false;
  }

  /** The arguments for the tool to read the resource with that URI; null if the URI is invalid. */
  @Nullable ObjectNode arguments(String uri) {
    ObjectNode arguments = Json.object();
    int query = uri.indexOf('?');
    try {
      if (query >= 0) {
        if (!uri.startsWith(INSTANCE_QUERY, query)) {
          return null;
        }
        arguments.put("instance", decoded(uri.substring(query + INSTANCE_QUERY.length())));
      }
      if (idArgument != null) {
        String id = path(uri).substring(start.length());
        if (id.isEmpty() || id.contains("/")) {
          return null;
        }
        arguments.put(idArgument, decoded(id));
      }
    } catch (IllegalArgumentException e) {
      return null; // a percent sign without two hexadecimal digits
    }
    return arguments;
  }

  /** The members of the result of {@code resources/list}. */
  static String members(ToolFilter toolFilter) {
    StringBuilder members = new StringBuilder("\"resources\":[");
    for (ClerkResource kind : values()) {
      if (!kind.isTemplate() && kind.tool(toolFilter) != null) {
        members.append(members.charAt(members.length() - 1) == '[' ? "" : ",").append(kind.json());
      }
    }
    return members.append(']').toString();
  }

  /** The members of the result of {@code resources/templates/list}. */
  static String templateMembers(ToolFilter toolFilter) {
    StringBuilder members = new StringBuilder("\"resourceTemplates\":[");
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() && kind.tool(toolFilter) != null) {
        members.append(kind.json()).append(',');
      }
    }
    return members.append(TOOL_TEMPLATE_JSON).append(']').toString();
  }

  /** The entry in a list of resources or templates. */
  String json() {
    return (isTemplate() ? "{\"uriTemplate\":\"" : "{\"uri\":\"")
        + template()
        + "\",\"name\":\""
        + name
        + "\",\"title\":\""
        + title
        + "\",\"description\":\""
        + description
        + OF_SEVERAL
        + "\",\"mimeType\":\"application/json\"}";
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  /**
   * Decodes percent escapes but keeps plus signs, which email addresses often have; URLDecoder
   * would turn them into spaces.
   */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
