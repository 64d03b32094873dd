"""The model client: asked only where memory has nothing to give. See `mobimem.llm.client`."""
