package dev.clerkmcp.clerk;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;

/**
 * Checks a connection before a request that changes something. A server may close an idle HTTP/1.1
 * connection at any time, and a request that is written to it is lost: whether the server has
 * processed it cannot be known. OkHttp looks only after ten idle seconds. The check takes a
 * millisecond, a new connection a TLS handshake. HTTP/2 needs no check, since OkHttp always reads
 * from such a connection and so learns of its end at once.
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

  /** A server has nothing to say before it is asked, so whatever can be read means the end. */
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
}
