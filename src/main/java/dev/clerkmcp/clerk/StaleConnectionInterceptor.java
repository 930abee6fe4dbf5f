package dev.clerkmcp.clerk;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Detects a dead connection before a request that changes something is written to it. A server may
 * close an idle HTTP/1.1 connection at any time; whether it has processed a request that was
 * written then cannot be known. OkHttp checks only connections that were idle for ten seconds. This
 * check takes a millisecond. HTTP/2 needs no check: OkHttp always reads from such a connection, and
 * so learns at once that it is closed.
 */
final class StaleConnectionInterceptor implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = chain.connection();
    SentInterceptor.SentMarker marker = SentInterceptor.SentMarker.find(chain.request());
    if (connection != null
        && connection.protocol() != Protocol.HTTP_2
        && !chain.request().method().equals("GET")
        && marker != null
        && marker.reusedConnection()
        && !isOpen(connection.socket())) {
      throw new StaleConnectionException(null);
    }
    return chain.proceed(chain.request());
  }

  /**
   * A server sends nothing before a request, so anything that can be read means a closed socket.
   */
  private static boolean isOpen(Socket socket) throws IOException {
    int timeout = socket.getSoTimeout();
    try {
      socket.setSoTimeout(1);
      int unused = socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(timeout);
      }
    }
  }

  /**
   * Reports that a reused connection is broken. A new connection may well work, so the request is
   * retried without a pause.
   */
  static final class StaleConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    StaleConnectionException(@Nullable IOException cause) {
      super("A connection that was kept open is broken", cause);
    }
  }
}
