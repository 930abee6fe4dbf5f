package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.transport.jsonrpc.ClientRequests;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.concurrent.CompletableFuture;

/**
 * The client of a session of the legacy era. The person behind it is asked while the call waits.
 *
 * @param name what the client calls itself
 * @param canAsk whether the client can put a form before a person
 */
record LegacyClient(String name, boolean canAsk, ClientRequests requests) implements Caller {
  /**
   * Knows the client.
   *
   * @param opening the parameters of its {@code initialize}
   */
  static LegacyClient of(String opening, ClientRequests requests) {
    ClientInfo card =
        new ClientInfo(RawJson.find(opening, "clientInfo"), RawJson.find(opening, "capabilities"));
    return new LegacyClient(card.name(), card.asksByForm(), requests);
  }

  @Override
  public boolean callsAgain() {
    return true;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    return requests.ask(question);
  }
}
