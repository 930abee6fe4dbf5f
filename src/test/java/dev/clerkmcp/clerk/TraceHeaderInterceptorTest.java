package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.json.Json;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the traceparent of a call is sent to Clerk, if enabled. */
final class TraceHeaderInterceptorTest extends LoopbackClerk {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

  @Test
  void traceparentIsSent() throws InterruptedException {
    assertThat(header(TRACE, new TraceHeaderInterceptor())).isEqualTo(TRACE);
  }

  @Test
  void traceparentIsNotSentByDefault() throws InterruptedException {
    assertThat(header(TRACE)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0AF7651916CD43DD8448EB211C80319C-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
        "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\r\nAuthorization: x",
        "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\n",
      })
  void invalidTraceparentIsIgnored(String text) throws InterruptedException {
    assertThat(header(text, new TraceHeaderInterceptor())).isNull();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void callWithoutTraceIsSent(boolean chosen) throws InterruptedException {
    Interceptor[] inner =
        chosen ? new Interceptor[] {new TraceHeaderInterceptor()} : new Interceptor[0];
    assertThat(header(null, inner)).isNull();
  }

  private @Nullable String header(@Nullable String trace, Interceptor... inner)
      throws InterruptedException {
    answer(200, "{}");
    Cancellation call = new Cancellation();
    if (trace != null) {
      call.traceAs(trace);
    }
    ClerkClient.create(settings(KEY, AMPLE), inner)
        .exchange(Endpoint.parse("GET /users"), Json.object(), call);
    return clerk.takeRequest().getHeaders().get("traceparent");
  }
}
