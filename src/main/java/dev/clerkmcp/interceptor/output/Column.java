package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that a view shows.
 *
 * @param paths where it comes from; what several lead to is joined to one text
 */
record Column(String name, List<FieldPath> paths) {
  Column {
    paths = List.copyOf(paths);
  }

  /** Reads {@code path}, {@code name = path} or {@code name = path + path}. */
  static Column parse(String text) {
    int equals = text.indexOf('=');
    List<FieldPath> paths = new ArrayList<>();
    for (String path : text.substring(equals + 1).split("\\+", -1)) {
      paths.add(FieldPath.parse(path.strip()));
    }
    String name = equals < 0 ? paths.get(0).name() : text.substring(0, equals).strip();
    return new Column(name, paths);
  }

  /** The value; missing if there is none. */
  JsonNode in(JsonNode object) {
    if (paths.size() == 1) {
      return paths.get(0).in(object);
    }
    List<String> words = new ArrayList<>();
    for (FieldPath path : paths) {
      String word = path.in(object).asText("");
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(String.join(" ", words));
  }
}
