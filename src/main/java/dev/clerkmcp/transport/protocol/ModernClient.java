package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.transport.jsonrpc.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The client behind one request of the modern era. The server sends no requests there: a call that
 * needs a person ends with the question, and the client calls again with the answer.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP
 *     on multi round-trip requests</a>
 */
final class ModernClient implements Caller {
  private final ClientInfo client;
  private final @Nullable Brought brought;

  private ModernClient(ClientInfo client, @Nullable Brought brought) {
    this.client = client;
    this.brought = brought;
  }

  /**
   * The client behind a request.
   *
   * @throws InvalidParamsException if what it brings of a person has not the form that MCP gives it
   */
  static ModernClient of(RequestMeta meta, @Nullable String params)
      throws InvalidParamsException, JsonProcessingException {
    return new ModernClient(
        meta.client(),
        brought(RawJson.find(params, "requestState"), RawJson.find(params, "inputResponses")));
  }

  @Override
  public String name() {
    return client.name();
  }

  @Override
  public boolean canAsk() {
    return false;
  }

  @Override
  public boolean asksBetweenCalls() {
    return client.asksByForm();
  }

  @Override
  public @Nullable Brought brought() {
    return brought;
  }

  @Override
  public boolean callsAgain() {
    return true;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    return CompletableFuture.completedFuture(Answer.FAILED);
  }

  private static @Nullable Brought brought(@Nullable String state, @Nullable String responses)
      throws InvalidParamsException, JsonProcessingException {
    if (responses != null && !RawJson.isObject(responses)) {
      throw new InvalidParamsException(
          "inputResponses must be an object with an answer for each request");
    }
    if (state == null) {
      return null; // to whatever it answers, it was not asked here
    }
    JsonNode given = Json.read(state);
    if (!given.isTextual()) {
      throw new InvalidParamsException(
          "requestState must be the string that came with the question");
    }
    JsonNode response =
        Json.read(responses == null ? "{}" : responses).path(ModernResultWriter.QUESTION);
    return new Brought(given.textValue(), response.isMissingNode() ? null : answer(response));
  }

  private static Answer answer(JsonNode response) throws InvalidParamsException {
    JsonNode content = response.path("content");
    if (!content.isObject() && !content.isMissingNode() && !content.isNull()) {
      throw new InvalidParamsException("The content of an answer must be an object");
    }
    return switch (response.path("action").asText()) {
      case "accept" -> saysYes(content) ? Answer.ACCEPTED : Answer.DECLINED;
      case "decline" -> Answer.DECLINED;
      case "cancel" -> Answer.CANCELLED;
      default ->
          throw new InvalidParamsException("The action of an answer is accept, decline or cancel");
    };
  }

  /** A host may make up boxes to tick; anything in them but a tick is no yes. */
  private static boolean saysYes(JsonNode content) {
    for (JsonNode box : content) {
      if (!box.isBoolean() || !box.booleanValue()) {
        return false;
      }
    }
    return true;
  }
}
