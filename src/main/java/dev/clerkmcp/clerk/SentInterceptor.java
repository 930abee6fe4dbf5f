package dev.clerkmcp.clerk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

/**
 * Records how far a request got: whether it reused a connection, and whether it was sent, so that
 * Clerk may have processed it. Retry and error messages depend on that.
 */
public final class SentInterceptor extends EventListener implements Interceptor {
  /** OkHttp's message if an HTTP/2 server rejects a request without processing it. */
  private static final String REFUSED = "stream was reset: REFUSED_STREAM";

  SentInterceptor() {}

  /** Marks a request as sent, for an interceptor that responds in place of Clerk. */
  public static void markSent(Request request) {
    SentMarker marker = SentMarker.find(request);
    if (marker != null) {
      marker.sent = true;
    }
  }

  @Override
  public void connectStart(
      @NonNull Call call, @NonNull InetSocketAddress address, @NonNull Proxy proxy) {
    SentMarker marker = SentMarker.find(call.request());
    if (marker != null) {
      marker.opened = true;
    }
  }

  @Override
  public void connectionAcquired(@NonNull Call call, @NonNull Connection connection) {
    SentMarker marker = SentMarker.find(call.request());
    if (marker != null) {
      marker.acquired = true;
    }
  }

  @Override
  public void requestHeadersStart(@NonNull Call call) {
    SentMarker marker = SentMarker.find(call.request());
    if (marker != null) {
      marker.writing = true;
    }
  }

  /** Before this event, the HTTP/1.1 header is incomplete, and no server processes the request. */
  @Override
  public void requestHeadersEnd(@NonNull Call call, @NonNull Request request) {
    markSent(request);
  }

  /** Prevents a retry by OkHttp itself. */
  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    // After a 503 with this header, OkHttp would retry any request at once, even a POST.
    boolean retriedByOkHttp =
        response.code() == 503 && response.header("Retry-After", "").matches("0+");
    return retriedByOkHttp ? response.newBuilder().removeHeader("Retry-After").build() : response;
  }

  /** Records how far one try of a request got; attached to the request as a tag. */
  static final class SentMarker {
    private volatile boolean opened;
    private volatile boolean acquired;
    private volatile boolean writing;
    private volatile boolean sent;

    /** The marker of a request; null if it has none. */
    static @Nullable SentMarker find(Request request) {
      return request.tag(SentMarker.class);
    }

    /** Builds a request with this marker. */
    Request attachTo(Request.Builder request) {
      return request.tag(SentMarker.class, this).build();
    }

    /** Whether the request was sent, so that the server may have processed it. */
    boolean sent() {
      return sent;
    }

    /**
     * Records that the try was aborted, by its timeout or by a cancellation. Over HTTP/2 the header
     * may have been sent by then, although OkHttp does not report it.
     */
    void abort() {
      sent |= writing;
    }

    /** Whether the server may have processed the request, given this failure. */
    boolean mayHaveBeenProcessed(IOException failure) {
      return sent && !saysRefused(failure);
    }

    /** OkHttp may throw the failure of writing, with that of reading as a suppressed exception. */
    private static boolean saysRefused(Throwable failure) {
      return REFUSED.equals(failure.getMessage())
          || Stream.of(failure.getSuppressed()).anyMatch(SentMarker::saysRefused);
    }

    /** Whether the request used a connection that an earlier request had opened. */
    boolean reusedConnection() {
      return acquired && !opened;
    }
  }
}
