package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A kind of data that can be read under a URI; a tool answers it. */
enum ClerkResource {
  /** The instance itself, of which there is one. */
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
      "A user, by ID, e-mail address or username.",
      "clerk_user_overview",
      "clerk_user_get");

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
   * @param start the URI, or what stands before the ID in it
   * @param idArgument what the tools call the ID; null if there is none
   * @param overview the tool that answers if there is one
   * @param tool the tool that answers otherwise
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

  /** The kind that a URI is of; null if it is none of these. */
  static @Nullable ClerkResource of(String uri) {
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() ? uri.startsWith(kind.start) : kind.start.equals(path(uri))) {
        return kind;
      }
    }
    return null;
  }

  /** The kind of which this is the template. */
  static @Nullable ClerkResource ofTemplate(String template) {
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() && kind.template().equals(template)) {
        return kind;
      }
    }
    return null;
  }

  /** Whether there are many, told apart by an ID. */
  boolean isTemplate() {
    return idArgument != null;
  }

  /** The URI of all of them, with {@code {id}} in the place of the ID. */
  String template() {
    return isTemplate() ? start + "{id}" : start;
  }

  /** The name of the tool that answers; null if all that could are off. */
  @Nullable String tool(ToolFilter toolFilter) {
    if (overview != null && isOn(overview, toolFilter)) {
      return overview;
    }
    return isOn(tool, toolFilter) ? tool : null;
  }

  private static boolean isOn(String tool, ToolFilter toolFilter) {
    if (toolFilter.disabledReason(tool) != null) {
      return false;
    }
    for (ToolIndexEntry line : toolFilter.catalog()) {
      if (line.name().equals(tool)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The arguments with which the tool answers the resource of that URI; null if that has no usable
   * ID.
   */
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
      return null; // a percent sign with no two digits after it
    }
    return arguments;
  }

  /** The members of the result that lists what is there once: {@code "resources":[...]}. */
  static String members(ToolFilter toolFilter) {
    StringBuilder members = new StringBuilder("\"resources\":[");
    for (ClerkResource kind : values()) {
      if (!kind.isTemplate() && kind.tool(toolFilter) != null) {
        members.append(members.charAt(members.length() - 1) == '[' ? "" : ",").append(kind.json());
      }
    }
    return members.append(']').toString();
  }

  /** What there are many of, as {@code resources/templates/list} shows it, each with a comma. */
  static String templates(ToolFilter toolFilter) {
    StringBuilder templates = new StringBuilder();
    for (ClerkResource kind : values()) {
      if (kind.isTemplate() && kind.tool(toolFilter) != null) {
        templates.append(kind.json()).append(',');
      }
    }
    return templates.toString();
  }

  /** As a list shows it. */
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

  /** A plus sign stands for itself in a URI, and in e-mail addresses often does. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
