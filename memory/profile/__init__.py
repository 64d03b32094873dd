"""Profile memory: what the agent knows of its owner's world, facts in a graph of distances (DisGraph)."""
