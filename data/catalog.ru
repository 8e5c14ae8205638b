# What the catalogue says of the graphs of the dataset, beside catalog.ttl: updates over all graphs, each after those above.

# What each graph is called: what it holds, and of which plan, by its short name or its title.
INSERT {
  GRAPH graph:catalog {
    id:dataset\/crmgraph void:subset ?part .
    ?part a void:Dataset ; rdfs:label ?title ; dcterms:title ?title
  }
}
WHERE {
  { SELECT DISTINCT ?part { GRAPH ?part { ?s ?p ?o } } }
  BIND(STRAFTER(STR(?part), STR(graph:)) AS ?path)
  BIND(STRBEFORE(CONCAT(?path, "/"), "/") AS ?kind)
  BIND(STRAFTER(?path, "/") AS ?id)
  VALUES (?kind ?language ?name) {
    ("plan" "es" "Plan de acción") ("plan" "en" "Plan of action")
    ("source" "es" "Documento fuente") ("source" "en" "Source document")
    ("reference" "es" "Datos de referencia") ("reference" "en" "Reference data")
    ("processes" "es" "Procesos consultivos") ("processes" "en" "Consultative processes")
    ("links" "es" "Correspondencias con otros planes") ("links" "en" "Correspondences with other plans")
    ("ontology" "es" "Ontología y vocabularios") ("ontology" "en" "Ontology and vocabularies")
    ("inferred" "es" "Afirmaciones inferidas") ("inferred" "en" "Inferred statements")
    ("findings" "es" "Hallazgos") ("findings" "en" "Findings")
    ("versions" "es" "Versiones anteriores") ("versions" "en" "Earlier versions")
    ("catalog" "es" "Catálogo") ("catalog" "en" "Catalogue")
  }
  BIND(IRI(CONCAT(STR(id:), "plan/", ?id)) AS ?plan)
  OPTIONAL { GRAPH ?a { ?plan dcterms:alternative ?short } FILTER(LANG(?short) = ?language) }
  OPTIONAL { GRAPH ?b { ?plan rdfs:label ?long } FILTER(LANG(?long) = ?language) }
  OPTIONAL { GRAPH ?c { ?plan rdfs:label ?other } FILTER(LANG(?other) != ?language) }
  BIND(CONCAT(?name, IF(?id = "", "", CONCAT(": ", STR(COALESCE(?short, ?long, ?other, ?id))))) AS ?full)
  BIND(STRLANG(IF(?kind = "plan" && BOUND(?short), STR(?short), ?full), ?language) AS ?title)
} ;

# How many links lead from our things to those of others. What is said of a link (rdf:object) is none, nor is a source.
INSERT {
  GRAPH graph:catalog {
    id:dataset\/crmgraph void:subset ?set .
    ?set a void:Linkset ; void:subjectsTarget id:dataset\/crmgraph ; void:objectsTarget ?target ;
      void:linkPredicate ?predicate ; void:triples ?size ; rdfs:label ?es , ?en
  }
}
WHERE {
  {
    SELECT ?name ?space ?title_es ?title_en ?predicate (COUNT(*) AS ?size) {
      VALUES (?name ?space ?title_es ?title_en) {
        ("wikidata" "http://www.wikidata.org/entity/" "Wikidata" "Wikidata")
        ("geonames" "https://sws.geonames.org/" "GeoNames" "GeoNames")
        ("eu-authority" "http://publications.europa.eu/resource/authority/" "EU Vocabularies" "EU Vocabularies")
        ("eurovoc" "http://eurovoc.europa.eu/" "EuroVoc" "EuroVoc")
        ("sdg" "http://metadata.un.org/sdg/" "la Agenda 2030" "the 2030 Agenda")
      }
      VALUES ?predicate {
        schema:sameAs skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch
      }
      GRAPH ?graph { ?subject ?predicate ?value }
      FILTER(?graph != graph:catalog && STRSTARTS(STR(?value), ?space))
      FILTER(STRSTARTS(STR(?subject), REPLACE(STR(id:), "id/$", "")))
    }
    GROUP BY ?name ?space ?title_es ?title_en ?predicate
  }
  BIND(REPLACE(STR(?predicate), "^.*[#/]", "") AS ?local)
  BIND(IRI(CONCAT(STR(id:), "linkset/", ?name, "-", ?local)) AS ?set)
  BIND(IRI(?space) AS ?target)
  BIND(STRLANG(CONCAT("Enlaces a ", ?title_es, " (", ?local, ")"), "es") AS ?es)
  BIND(STRLANG(CONCAT("Links to ", ?title_en, " (", ?local, ")"), "en") AS ?en)
} ;

# How many things and properties there are, those by which that is said among them.
INSERT { GRAPH graph:catalog { id:dataset\/crmgraph void:distinctSubjects ?subjects ; void:properties ?properties } }
WHERE {
  { SELECT (COUNT(DISTINCT ?subject) AS ?subjects) { GRAPH ?graph { ?subject ?p ?o } } }
  {
    SELECT (COUNT(DISTINCT ?property) AS ?properties) {
      { GRAPH ?graph { ?s ?property ?o } }
      UNION { VALUES ?property { void:triples void:distinctSubjects void:properties } }
    }
  }
} ;

# How many statements each graph has. Here the one for each graph, and the one for the whole, are among them.
INSERT { GRAPH graph:catalog { ?part void:triples ?size } }
WHERE {
  { SELECT ?part (COUNT(*) AS ?counted) { GRAPH ?part { ?s ?p ?o } } GROUP BY ?part }
  { SELECT (COUNT(DISTINCT ?graph) AS ?parts) { GRAPH ?graph { ?s ?p ?o } } }
  BIND(IF(?part = graph:catalog, ?counted + ?parts + 1, ?counted) AS ?size)
} ;

INSERT { GRAPH graph:catalog { id:dataset\/crmgraph void:triples ?all } }
WHERE {
  SELECT (SUM(?size) AS ?all) { GRAPH graph:catalog { ?part void:triples ?size } GRAPH ?part { } }
}
