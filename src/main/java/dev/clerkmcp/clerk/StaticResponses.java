package dev.clerkmcp.clerk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/**
 * Creates sockets that are connected to nothing: each responds with the same JSON, from memory. The
 * warm-up uses them, so that all layers above the socket are the real ones.
 */
final class StaticResponses extends SocketFactory {
  private final byte[] response;

  StaticResponses(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    this.response =
        """
        HTTP/1.1 200 OK\r
        Content-Type: application/json\r
        Content-Length: %s\r
        Connection: close\r
        \r
        %s"""
            .formatted(body.length, json)
            .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Socket createSocket() {
    return new MemorySocket(response);
  }

  @Override
  public Socket createSocket(String host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
    return createSocket();
  }

  /** A socket that is connected to nothing. */
  private static final class MemorySocket extends Socket {
    private final InputStream in;
    private volatile boolean open = true;

    MemorySocket(byte[] response) {
      this.in = new ByteArrayInputStream(response);
    }

    @Override
    public void connect(SocketAddress address, int timeout) {}

    @Override
    public InputStream getInputStream() {
      return in;
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void setSoTimeout(int millis) {}

    @Override
    public boolean isClosed() {
      return !open;
    }

    @Override
    public synchronized void close() throws IOException {
      open = false;
      super.close();
    }
  }
}
