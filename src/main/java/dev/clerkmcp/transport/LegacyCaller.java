package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Caller;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The client that opened a session of the legacy era. The person behind it is asked while the call
 * waits, through the SDK, which is loaded when there is somebody to ask.
 */
final class LegacyCaller implements Caller {
  private final Outlet outlet;
  private final String name;
  private final boolean canAsk;
  private @Nullable SdkSession session;

  /**
   * Knows the client.
   *
   * @param opening the parameters of its {@code initialize}
   */
  LegacyCaller(String opening, Outlet outlet) {
    ClientCard card =
        new ClientCard(
            JsonText.find(opening, "clientInfo"), JsonText.find(opening, "capabilities"));
    this.outlet = outlet;
    this.name = card.name();
    this.canAsk = card.asksByForm();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean canAsk() {
    return canAsk;
  }

  @Override
  public boolean callsAgain() {
    return true;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    return session().ask(question);
  }

  /** Takes the client's answer to a question; nothing was asked if there is no session. */
  void receive(Message.Response response) {
    SdkSession open = openSession();
    if (open != null) {
      open.receive(response);
    }
  }

  private synchronized SdkSession session() {
    if (session == null) {
      session = new SdkSession(outlet);
    }
    return session;
  }

  private synchronized @Nullable SdkSession openSession() {
    return session;
  }
}
