package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.interceptor.policy.Policy.InvalidPolicy;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the JSON of a policy. Duplicate members are an error, since one of them would silently not
 * apply. Messages never quote the text, since the path may lead to any file.
 */
final class PolicyFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PolicyFile() {}

  static JsonNode read(Path file) throws IOException, InvalidPolicy {
    String text = text(file);
    try (JsonParser parser =
        Json.MAPPER.createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
      return json(parser);
    }
  }

  private static String text(Path file) throws IOException, InvalidPolicy {
    byte[] bytes;
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("Not a regular file"); // reading a pipe might never end
    }
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new InvalidPolicy("size is more than 1 MiB", "name the file that holds the rules");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidPolicy("text is not UTF-8", "save it in that encoding");
    }
  }

  private static JsonNode json(JsonParser parser) throws IOException, InvalidPolicy {
    try {
      JsonNode json = Json.MAPPER.readTree(parser);
      return json == null ? MissingNode.getInstance() : json;
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
      String where = " in line %s, column %s".formatted(place.getLineNr(), place.getColumnNr());
      if (e.getOriginalMessage().startsWith("Duplicate field")) {
        String part = RuleReader.part(parser.getParsingContext().pathAsPointer());
        throw new InvalidPolicy(part + " has a member twice" + where, "keep one");
      }
      throw new InvalidPolicy("JSON is malformed" + where, "correct it there or just before");
    }
  }
}
