// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the app's manifest says: the phone knows nothing else of the app. */
public final class Installed {
    /** One component of the manifest. */
    public static final class Component {
        public final String kind;
        public final String name;
        public final boolean exported;
        public final boolean directBootAware;
        public final boolean showWhenLocked;
        public final String permission;
        public final String types;
        public final List<String> actions = new ArrayList<>();

        Component(Element element) {
            kind = element.getTagName();
            name = value(element, "name");
            exported = !"false".equals(value(element, "exported"));
            directBootAware = "true".equals(value(element, "directBootAware"));
            showWhenLocked = "true".equals(value(element, "showWhenLocked"));
            permission = value(element, "permission");
            types = value(element, "foregroundServiceType");
            NodeList list = element.getElementsByTagName("action");
            for (int i = 0; i < list.getLength(); ++i) actions.add(value((Element) list.item(i), "name"));
        }
    }

    public final Set<String> permissions = new HashSet<>();
    public final Map<String, Component> components = new HashMap<>();

    public Installed(File manifest) {
        try {
            Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(manifest).getDocumentElement();
            NodeList all = root.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); ++i) {
                Element element = (Element) all.item(i);
                switch (element.getTagName()) {
                    case "uses-permission" -> permissions.add(value(element, "name"));
                    case "service", "receiver", "activity", "provider" -> {
                        Component component = new Component(element);
                        components.put(component.name, component);
                    }
                    default -> { }
                }
            }
        } catch (Exception broken) {
            throw new IllegalArgumentException("the manifest " + manifest, broken);
        }
    }

    private static String value(Element element, String name) {
        return element.getAttribute("android:" + name);
    }
}
