package io.github.vaultlambda.benchmarks.report;

/** Writes the few shapes that the charts are made of. */
final class Svg {
    /** Far apart for those too who do not see red and green as others do (Okabe and Ito). */
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

    private static final String INK = "#333";

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" font-family=\"sans-serif\" font-size=\"12\" fill=\"" + INK + "\" role=\"img\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        text(16, 22, "start", title, true);
    }

    static String colour(int number) {
        return COLOURS[number % COLOURS.length];
    }

    void rectangle(double x, double y, double width, double height, String colour) {
        text.append("<rect x=\"").append(at(x)).append("\" y=\"").append(at(y));
        text.append("\" width=\"").append(at(width)).append("\" height=\"").append(at(height));
        text.append("\" fill=\"").append(colour).append("\"/>\n");
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        text.append("<line x1=\"").append(at(x1)).append("\" y1=\"").append(at(y1));
        text.append("\" x2=\"").append(at(x2)).append("\" y2=\"").append(at(y2));
        text.append("\" stroke=\"").append(colour).append("\"/>\n");
    }

    /** A line through points, each x followed by its y. */
    void path(double[] points, String colour) {
        text.append("<polyline fill=\"none\" stroke-width=\"1.6\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (int i = 0; i < points.length; i += 2) {
            text.append(i == 0 ? "" : " ").append(at(points[i])).append(',').append(at(points[i + 1]));
        }
        text.append("\"/>\n");
    }

    void text(double x, double y, String anchor, String words) {
        text(x, y, anchor, words, false);
    }

    private void text(double x, double y, String anchor, String words, boolean bold) {
        text.append("<text x=\"").append(at(x)).append("\" y=\"").append(at(y));
        text.append("\" text-anchor=\"").append(anchor);
        text.append(bold ? "\" font-weight=\"bold\">" : "\">")
                .append(escaped(words))
                .append("</text>\n");
    }

    String end() {
        return text.append("</svg>\n").toString();
    }

    private static String at(double coordinate) {
        return Numbers.exact(Math.round(coordinate * 10) / 10.0).toPlainString();
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
