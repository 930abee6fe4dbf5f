package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.Loses;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Clerk, before an operation is sent, which object, users and organizations the
 * operation affects, and what is lost with it.
 */
public final class TargetReader {
  private final Map<String, Endpoint> readEndpoints;

  /**
   * Prepares to read.
   *
   * @param readEndpoints the GET endpoints that may be used
   */
  public TargetReader(Collection<Endpoint> readEndpoints) {
    Map<String, Endpoint> byPath = new HashMap<>();
    readEndpoints.forEach(endpoint -> byPath.put(endpoint.path(), endpoint));
    this.readEndpoints = Map.copyOf(byPath);
  }

  /**
   * What an operation affects.
   *
   * @throws dev.clerkmcp.clerk.ClerkException if Clerk refuses, other than because the object does
   *     not exist
   */
  public RequestTarget of(OperationFacts operation, ObjectNode arguments, Reader reader) {
    Endpoint endpoint = operation.endpoint();
    EndpointReader asked = new EndpointReader(readEndpoints, reader);
    ChangedObject found = ChangedObject.by(endpoint, arguments, asked);
    AffectedEntities affected = new AffectedEntities(arguments, found, asked);
    return new RequestTarget(
        found.state(),
        found.missing(),
        affected.users(),
        affected.actors().keySet(),
        affected.organizations(),
        affected.addresses(),
        affected.unclear() || isOfUnknownUser(operation.loses()),
        TargetDescriber.isWholeInstance(endpoint)
            ? TargetDescriber.wholeInstance(environment(found, asked))
            : new TargetDescriber(endpoint, arguments, found, affected).text());
  }

  /** The endpoint that reads a path; null if there is none. */
  @Nullable Endpoint findEndpoint(String path) {
    return readEndpoints.get(path);
  }

  /**
   * The endpoint that reads the object which an operation creates, changes or belongs to, or the
   * list that has it; null if there is none. The path alone decides; nothing is read.
   */
  @Nullable Endpoint findReader(Endpoint operation) {
    List<String> segments = operation.segments();
    Endpoint created = operation.method().equals("POST") ? findObjectIn(operation.path()) : null;
    if (created != null) {
      return created;
    }
    for (int end = segments.size(); end > 0; end--) {
      Endpoint reader = readEndpoints.get("/" + String.join("/", segments.subList(0, end)));
      if (reader != null) {
        return reader;
      }
    }
    return null;
  }

  /** The endpoint that reads one object of a collection. */
  private @Nullable Endpoint findObjectIn(String collection) {
    String object = collection + "/{";
    for (Endpoint endpoint : readEndpoints.values()) {
      String path = endpoint.path();
      if (path.startsWith(object) && path.indexOf('/', object.length()) < 0) {
        return endpoint;
      }
    }
    return null;
  }

  /** Clerk's answer; null if no endpoint reads the path, or the object does not exist. */
  @Nullable JsonNode find(String path, ObjectNode arguments, Reader reader) {
    EndpointReader asked = new EndpointReader(readEndpoints, reader);
    return asked.canRead(path) ? asked.find(path, arguments) : null;
  }

  /** The first rows of a list; empty if no endpoint reads it. */
  JsonNode rows(String path, ObjectNode query, Reader reader) {
    EndpointReader asked = new EndpointReader(readEndpoints, reader);
    return EndpointReader.rows(asked.canRead(path) ? asked.find(path, query) : null);
  }

  /** Whether there is an organization with an ID or slug; true if no endpoint reads it. */
  boolean hasOrganization(String idOrSlug, Reader reader) {
    EndpointReader asked = new EndpointReader(readEndpoints, reader);
    ObjectNode arguments = Json.object().put("organization_id", idOrSlug);
    return !asked.canRead(EndpointReader.ORGANIZATION)
        || asked.findObject(EndpointReader.ORGANIZATION, arguments) != null;
  }

  /**
   * What is lost with an operation, in sentences for a person; empty if nothing is.
   *
   * @param earlier the requests that are made before it, and may add what would else be lost
   */
  public List<String> losses(
      OperationFacts operation,
      ObjectNode arguments,
      RequestTarget target,
      List<ClerkRequest> earlier,
      Reader reader) {
    EndpointReader endpoints = new EndpointReader(readEndpoints, reader);
    return new LossAnalyzer(arguments, target, earlier, endpoints).of(operation);
  }

  /**
   * Describes what an operation created, from its arguments and Clerk's answer; nothing is read.
   *
   * @param answer null if it is unknown
   */
  public static String describeNew(
      Endpoint endpoint, ObjectNode arguments, @Nullable JsonNode answer) {
    return TargetDescriber.created(endpoint, arguments, answer == null ? Json.object() : answer);
  }

  /**
   * Describes what an operation affects by the IDs in its arguments, such as {@code user user_1};
   * nothing is read.
   */
  static String describeUnread(Endpoint endpoint, ObjectNode arguments) {
    return TargetDescriber.isWholeInstance(endpoint)
        ? TargetDescriber.wholeInstance("")
        : TargetDescriber.unread(endpoint, arguments);
  }

  private static boolean isOfUnknownUser(@Nullable Loses loses) {
    return loses != null && loses.ofUnknownUser();
  }

  private static String environment(ChangedObject found, EndpointReader reader) {
    JsonNode instance = found.state();
    if (!found.path().equals(EndpointReader.INSTANCE) && reader.canRead(EndpointReader.INSTANCE)) {
      instance = reader.findObject(EndpointReader.INSTANCE, Json.object());
    }
    return instance == null ? "" : instance.path("environment_type").asText("");
  }

  /** Reads from the instance that a call works on. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Sends one request.
     *
     * @throws dev.clerkmcp.clerk.ClerkException if Clerk refuses it
     */
    JsonNode read(Endpoint endpoint, ObjectNode arguments);
  }
}
