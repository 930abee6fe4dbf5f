import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Prints the server's two estimates of each line of the input, a text as a JSON string. */
final class TokenEstimates {
  private TokenEstimates() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String text = Json.read(line).textValue();
      System.out.println(TokenEstimate.of(text) + " " + TokenEstimate.charged(text));
    }
  }
}
