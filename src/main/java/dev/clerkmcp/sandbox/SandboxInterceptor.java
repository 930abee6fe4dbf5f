package dev.clerkmcp.sandbox;

import dev.clerkmcp.clerk.SentInterceptor;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Sends the requests of an OkHttp client to the sandbox instead of the network. */
final class SandboxInterceptor implements Interceptor {
  private static final MediaType JSON = MediaType.get("application/json");

  private final Sandbox sandbox;
  private final FaultInjector faults;

  SandboxInterceptor(Sandbox sandbox, FaultInjector faults) {
    this.sandbox = sandbox;
    this.faults = faults;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    // If the connection breaks after this point, the client cannot know the outcome.
    SentInterceptor.markSent(chain.request());
    Sandbox.HttpResponse answer = faults.answer(sandbox, chain.request(), chain.call()::isCanceled);
    Response.Builder response =
        new Response.Builder()
            .request(chain.request())
            .protocol(Protocol.HTTP_1_1)
            .code(answer.status())
            .message("Sandbox")
            .body(ResponseBody.create(answer.body(), JSON));
    if (answer.retryAfterSeconds() != null) {
      response.header("Retry-After", answer.retryAfterSeconds().toString());
    }
    return response.build();
  }
}
