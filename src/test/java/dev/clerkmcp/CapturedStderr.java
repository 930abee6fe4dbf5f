package dev.clerkmcp;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/** Captures standard error while it is open, with this project's logs at debug level. */
public final class CapturedStderr implements AutoCloseable {
  private static final String OURS = "dev.clerkmcp";
  private static final String LEVEL = "org.slf4j.simpleLogger.log." + OURS;

  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public CapturedStderr() throws ReflectiveOperationException {
    System.setProperty(LEVEL, "debug"); // for loggers that are created later
    setLevels(LocationAwareLogger.DEBUG_INT);
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws ReflectiveOperationException {
    System.setErr(standardError);
    System.clearProperty(LEVEL);
    setLevels(LocationAwareLogger.INFO_INT);
  }

  /** SLF4J Simple fixes the level of a logger when it makes it, and has no way to change it. */
  private static void setLevels(int level) throws ReflectiveOperationException {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    for (Map.Entry<?, ?> logger : ((Map<?, ?>) field(factory, "loggerMap")).entrySet()) {
      if (logger.getKey().toString().startsWith(OURS)) {
        Field current = logger.getValue().getClass().getDeclaredField("currentLogLevel");
        current.setAccessible(true);
        current.setInt(logger.getValue(), level);
      }
    }
  }

  private static Object field(Object object, String name) throws ReflectiveOperationException {
    Field field = object.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }
}
