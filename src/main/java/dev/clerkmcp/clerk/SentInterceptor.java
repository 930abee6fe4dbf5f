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
 * Records how far a request got: whether a connection was opened for it, and whether it was
 * written, after which it cannot be recalled.
 */
public final class SentInterceptor extends EventListener implements Interceptor {
  /** OkHttp says this of a request that an HTTP/2 server rejects before it processes it. */
  private static final String REFUSED = "stream was reset: REFUSED_STREAM";

  SentInterceptor() {}

  /** Notes that a request is out of our hands, for an interceptor that stands in for Clerk. */
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

  /** Before this, HTTP/1.1 has not written the header as a whole, so that no server acts on it. */
  @Override
  public void requestHeadersEnd(@NonNull Call call, @NonNull Request request) {
    markSent(request);
  }

  /** Keeps OkHttp from a repeat of its own. */
  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    // OkHttp itself sends any request again at once after a 503 with this header, even a POST.
    boolean repeatAtOnce =
        response.code() == 503 && response.header("Retry-After", "").matches("0+");
    return repeatAtOnce ? response.newBuilder().removeHeader("Retry-After").build() : response;
  }

  /** How far one try of a request got; attached to the request as a tag. */
  static final class SentMarker {
    private volatile boolean opened;
    private volatile boolean acquired;
    private volatile boolean writing;
    private volatile boolean sent;

    /** The marker of a request, if it has one. */
    static @Nullable SentMarker find(Request request) {
      return request.tag(SentMarker.class);
    }

    /** Marks one try of a request. */
    Request on(Request.Builder request) {
      return request.tag(SentMarker.class, this).build();
    }

    /** Whether the request was sent, so that the server may have processed it. */
    boolean sent() {
      return sent;
    }

    /**
     * Says that the try was broken off, by its limit or because it was cancelled. HTTP/2 may have
     * sent the header by then, although it does not say so.
     */
    void breakOff() {
      sent |= writing;
    }

    /** Whether the server may have processed the request although this came of it. */
    boolean sentDespite(IOException failure) {
      return sent && !saysRefused(failure);
    }

    /** OkHttp may throw what came of writing, and suppress what came of reading. */
    private static boolean saysRefused(Throwable failure) {
      return REFUSED.equals(failure.getMessage())
          || Stream.of(failure.getSuppressed()).anyMatch(SentMarker::saysRefused);
    }

    /** Whether the request was given a connection that an earlier request had opened. */
    boolean reusedConnection() {
      return acquired && !opened;
    }
  }
}
